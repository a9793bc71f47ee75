-- The queries of docs/databases.md. The one statement that writes is the last.

-- tag::active[]
-- The active tokens of an owner. now: the instant, in UTC
SELECT id, name, scopes, created_at, expires_at
FROM access_tokens
WHERE owner = ? AND revocation_id IS NULL AND predecessor IS NULL
  AND min_reader_version = 0 AND (expires_at IS NULL OR expires_at > ?)
ORDER BY id
-- end::active[]

-- tag::expiring[]
-- What expires within a time, from now on; successors that wait for their first use are left out
SELECT owner, id, name, expires_at
FROM access_tokens
WHERE expires_at >= ? AND expires_at < ? AND revocation_id IS NULL AND predecessor IS NULL
ORDER BY expires_at
-- end::expiring[]

-- tag::revoked[]
-- Who revoked what, and why, within a time
SELECT owner, id, revoked_at, revoked_by_kind, revoked_by, revoked_by_token, revoked_reason
FROM access_tokens
WHERE revoked_at >= ? AND revoked_at < ?
ORDER BY revoked_at
-- end::revoked[]

-- tag::scope[]
-- Who has a scope, here repo:write, or all, also by tokens that ended. LIKE: escape _ and %
SELECT owner, id, scopes
FROM access_tokens
WHERE scopes = '*' OR CONCAT(' ', scopes, ' ') LIKE '% repo:write %'
ORDER BY id
-- end::scope[]

-- tag::uses[]
-- When an owner's tokens were last used, up to the last flush
SELECT t.id, t.name, u.last_used_at
FROM access_tokens t LEFT JOIN access_token_uses u ON u.id = t.id
WHERE t.owner = ?
ORDER BY t.id
-- end::uses[]

-- tag::index[]
CREATE INDEX host_access_tokens_of_expiry ON access_tokens (expires_at)
-- end::index[]

-- tag::erase[]
-- An owner's tokens that ended before an instant, an hour ago or earlier
DELETE FROM access_tokens
WHERE owner = ? AND COALESCE(revoked_at, expires_at) < ?
-- end::erase[]
