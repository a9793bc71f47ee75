-- The queries of docs/migrating.md, on tables of older schemes. All have the same columns.

-- tag::numbered[]
-- 12|secret: SHA-256 of the secret, in hex, for one kind of account
SELECT id, tokenable_id AS owner, name, token AS hash, abilities AS scopes, created_at, expires_at
FROM personal_access_tokens
WHERE tokenable_type = ?
ORDER BY id
-- end::numbered[]

-- tag::withPublicId[]
-- ab12cd34.secret: SHA-256 of the whole string, in hex
SELECT CONCAT('keys.', public_id) AS id, user_name AS owner, label AS name, digest AS hash, scopes, created_at, expires_at
FROM api_keys
WHERE revoked_at IS NULL
ORDER BY public_id
-- end::withPublicId[]

-- tag::secretAlone[]
-- a secret alone: SHA-256 of it, in hex; the import makes the id
SELECT NULL AS id, email AS owner, 'API token' AS name, token_digest AS hash, scopes, created_at, expires_at
FROM api_tokens
WHERE revoked_at IS NULL
ORDER BY token_digest
-- end::secretAlone[]
