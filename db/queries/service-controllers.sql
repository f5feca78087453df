-- Who below an administrator may start, stop or reconfigure a service, or write its key?
SELECT subject_kind, device AS subject, principal, mask, state
FROM v_access
WHERE subject_kind IN ('service', 'key') AND principal NOT IN ('system', 'admin_elevated')
  AND ((subject_kind = 'service' AND (mask & 0x000D0032) <> 0)
       OR (subject_kind = 'key' AND (mask & 0x000D0006) <> 0))
ORDER BY subject_kind, subject, principal
