-- H2 counts the UTF-16 units of a VARCHAR: 255 code points are up to 510 units.
CREATE TABLE IF NOT EXISTS access_tokens (
    id                 VARCHAR(255) NOT NULL,
    owner              VARCHAR(510) NOT NULL,
    name               VARCHAR(510) NOT NULL,
    secret_hash        BINARY(32),
    scopes             VARCHAR(1000) NOT NULL,      -- * for everything, - for nothing
    predecessor        VARCHAR(255),                -- the token that this one replaces at its first use
    renewable_until    TIMESTAMP(6),
    min_reader_version INTEGER NOT NULL DEFAULT 0,  -- an older reader authenticates nobody by this token
    created_at         TIMESTAMP(6) NOT NULL,       -- all instants are UTC
    expires_at         TIMESTAMP(6),
    revocation_id      BINARY(16),                  -- null while the token is not revoked
    revoked_at         TIMESTAMP(6),
    revoked_by_kind    VARCHAR(16),                 -- USER, ADMIN, PRESENTER or ROTATION
    revoked_by         VARCHAR(510),
    revoked_by_token   VARCHAR(255),                -- the token that acted, or the successor
    revoked_reason     VARCHAR(510),
    write_parity       SMALLINT NOT NULL DEFAULT 0, -- changes with each write of the revocation, repeated ones too
    PRIMARY KEY (id)
);

CREATE INDEX IF NOT EXISTS access_tokens_of_owner ON access_tokens (owner, id);

-- Separate from the tokens, so that a use can not lock, slow or revive a token.
CREATE TABLE IF NOT EXISTS access_token_uses (
    id           VARCHAR(255) NOT NULL,
    last_used_at TIMESTAMP(6) NOT NULL,
    PRIMARY KEY (id)
);
