-- Which control codes are defined and handled by no driver, and the other way round?
SELECT driver, name, code, 'defined, not handled' AS what, path, line
FROM v_ioctl i
WHERE handled = 0 AND code IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM v_ioctl o WHERE o.code = i.code AND o.name = i.name AND o.handled = 1)
UNION ALL
SELECT e.driver, e.name, e.code, 'handled, not defined', e.path, e.line
FROM v_entry e
WHERE e.code IS NOT NULL AND e.kind = 'ioctl'
  AND NOT EXISTS (SELECT 1 FROM v_ioctl i WHERE i.code = e.code)
ORDER BY what, driver, name, code
