-- Who below an administrator may rewrite the descriptor of a device?
SELECT device, driver, principal, mask
FROM v_access
WHERE write_dac = 1 AND principal NOT IN ('system', 'admin_elevated')
ORDER BY driver, device, principal
