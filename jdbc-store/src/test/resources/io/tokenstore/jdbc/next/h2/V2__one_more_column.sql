-- As the next release might: an older node leaves the column alone.
ALTER TABLE access_tokens ADD COLUMN IF NOT EXISTS kept_for VARCHAR(100) DEFAULT 'everybody' NOT NULL;
