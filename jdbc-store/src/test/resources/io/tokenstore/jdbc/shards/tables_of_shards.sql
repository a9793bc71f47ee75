CREATE FOREIGN TABLE access_tokens_0 PARTITION OF access_tokens FOR VALUES WITH (MODULUS 2, REMAINDER 0)
    SERVER shard_0 OPTIONS (table_name 'access_tokens');
CREATE FOREIGN TABLE access_tokens_1 PARTITION OF access_tokens FOR VALUES WITH (MODULUS 2, REMAINDER 1)
    SERVER shard_1 OPTIONS (table_name 'access_tokens');
