-- Where does a request become one of the kernel's own on its way to another driver?
SELECT from_driver, to_driver, target, via_api, carries_user_data, validation, path, line
FROM v_forward
WHERE requestor_mode_after = 'kernel'
ORDER BY from_driver, to_driver, path, line
