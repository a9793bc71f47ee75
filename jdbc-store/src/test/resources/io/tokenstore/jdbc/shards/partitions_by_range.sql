CREATE TABLE access_tokens_0 PARTITION OF access_tokens FOR VALUES FROM (MINVALUE) TO ('8') WITH (fillfactor = 90);
CREATE TABLE access_tokens_1 PARTITION OF access_tokens FOR VALUES FROM ('8') TO ('b') WITH (fillfactor = 90);
CREATE TABLE access_tokens_2 PARTITION OF access_tokens FOR VALUES FROM ('b') TO (MAXVALUE) WITH (fillfactor = 90);
CREATE TABLE access_token_uses_0 PARTITION OF access_token_uses FOR VALUES FROM (MINVALUE) TO ('8') WITH (fillfactor = 90);
CREATE TABLE access_token_uses_1 PARTITION OF access_token_uses FOR VALUES FROM ('8') TO ('b') WITH (fillfactor = 90);
CREATE TABLE access_token_uses_2 PARTITION OF access_token_uses FOR VALUES FROM ('b') TO (MAXVALUE) WITH (fillfactor = 90);
