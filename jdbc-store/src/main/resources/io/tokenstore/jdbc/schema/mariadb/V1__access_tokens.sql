-- MariaDB's default collation folds case and accents, and utf8mb4_bin ignores trailing spaces: utf8mb4_nopad_bin compares bytes.
CREATE TABLE IF NOT EXISTS access_tokens (
    id                 VARCHAR(255) NOT NULL,
    owner              VARCHAR(255) NOT NULL,
    name               VARCHAR(255) NOT NULL,
    secret_hash        BINARY(32),
    scopes             VARCHAR(1000) NOT NULL,      -- * for everything, - for nothing
    predecessor        VARCHAR(255),                -- the token that this one replaces at its first use
    renewable_until    DATETIME(6),
    min_reader_version INTEGER NOT NULL DEFAULT 0,  -- an older reader authenticates nobody by this token
    created_at         DATETIME(6) NOT NULL,        -- all instants are UTC
    expires_at         DATETIME(6),
    revocation_id      BINARY(16),                  -- null while the token is not revoked
    revoked_at         DATETIME(6),
    revoked_by_kind    VARCHAR(16),                 -- USER, ADMIN, PRESENTER or ROTATION
    revoked_by         VARCHAR(255),
    revoked_by_token   VARCHAR(255),                -- the token that acted, or the successor
    revoked_reason     VARCHAR(255),
    write_parity       SMALLINT NOT NULL DEFAULT 0, -- changes with each write of the revocation, repeated ones too
    PRIMARY KEY (id),
    INDEX access_tokens_of_owner (owner, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Separate from the tokens, so that a use can not lock, slow or revive a token.
CREATE TABLE IF NOT EXISTS access_token_uses (
    id           VARCHAR(255) NOT NULL,
    last_used_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
