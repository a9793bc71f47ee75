CREATE TABLE access_tokens_0 PARTITION OF access_tokens FOR VALUES WITH (MODULUS 2, REMAINDER 0) WITH (fillfactor = 90);
CREATE TABLE access_tokens_1 PARTITION OF access_tokens FOR VALUES WITH (MODULUS 2, REMAINDER 1) WITH (fillfactor = 90);
CREATE TABLE access_token_uses_0 PARTITION OF access_token_uses FOR VALUES WITH (MODULUS 2, REMAINDER 0) WITH (fillfactor = 90);
CREATE TABLE access_token_uses_1 PARTITION OF access_token_uses FOR VALUES WITH (MODULUS 2, REMAINDER 1) WITH (fillfactor = 90);
