-- Which checks are there and do not help?
SELECT DISTINCT driver, kind, argument, well_formed, dominates, can_refuse, path, line
FROM v_check
WHERE well_formed = 0 OR dominates = 0 OR can_refuse = 0
ORDER BY driver, path, line, kind, argument
