-- COLLATE "C": ids sort by their bytes, and owners compare by their bytes, whatever the database's locale.
-- No index has the columns that a revocation writes, and a page keeps room, so that the update stays within the page.
CREATE TABLE IF NOT EXISTS access_tokens (
    id                 VARCHAR(255) COLLATE "C" NOT NULL,
    owner              VARCHAR(255) COLLATE "C" NOT NULL,
    name               VARCHAR(255) NOT NULL,
    secret_hash        BYTEA,
    scopes             VARCHAR(1000) NOT NULL,      -- * for everything, - for nothing
    predecessor        VARCHAR(255),                -- the token that this one replaces at its first use
    renewable_until    TIMESTAMP(6),
    min_reader_version INTEGER NOT NULL DEFAULT 0,  -- an older reader authenticates nobody by this token
    created_at         TIMESTAMP(6) NOT NULL,       -- all instants are UTC
    expires_at         TIMESTAMP(6),
    revocation_id      BYTEA,                       -- null while the token is not revoked
    revoked_at         TIMESTAMP(6),
    revoked_by_kind    VARCHAR(16),                 -- USER, ADMIN, PRESENTER or ROTATION
    revoked_by         VARCHAR(255),
    revoked_by_token   VARCHAR(255),                -- the token that acted, or the successor
    revoked_reason     VARCHAR(255),
    write_parity       SMALLINT NOT NULL DEFAULT 0, -- changes with each write of the revocation, repeated ones too
    PRIMARY KEY (id),
    CHECK (octet_length(secret_hash) = 32),
    CHECK (octet_length(revocation_id) = 16)
) WITH (fillfactor = 90);

CREATE INDEX IF NOT EXISTS access_tokens_of_owner ON access_tokens (owner, id);

-- Separate from the tokens, so that a use can not lock, slow or revive a token.
CREATE TABLE IF NOT EXISTS access_token_uses (
    id           VARCHAR(255) COLLATE "C" NOT NULL,
    last_used_at TIMESTAMP(6) NOT NULL,
    PRIMARY KEY (id)
) WITH (fillfactor = 90);
