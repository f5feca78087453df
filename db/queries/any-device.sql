-- Which drivers send requests to a device or with a code that the caller chooses?
SELECT from_driver, target, how_found, code_sent, via_api, requestor_mode_after, validation,
       path, line
FROM v_forward
WHERE how_found = 'user_chosen' OR code_sent = -1
ORDER BY from_driver, path, line
