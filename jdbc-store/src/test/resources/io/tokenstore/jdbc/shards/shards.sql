CREATE EXTENSION IF NOT EXISTS postgres_fdw;
CREATE SERVER shard_0 FOREIGN DATA WRAPPER postgres_fdw
    OPTIONS (host 'shard-0.example', port '5432', dbname 'tokens', connect_timeout '2',
        options '-c lock_timeout=2s');
CREATE SERVER shard_1 FOREIGN DATA WRAPPER postgres_fdw
    OPTIONS (host 'shard-1.example', port '5432', dbname 'tokens', connect_timeout '2',
        options '-c lock_timeout=2s');
CREATE USER MAPPING FOR CURRENT_USER SERVER shard_0 OPTIONS (user 'tokens', password 'secret');
CREATE USER MAPPING FOR CURRENT_USER SERVER shard_1 OPTIONS (user 'tokens', password 'secret');
