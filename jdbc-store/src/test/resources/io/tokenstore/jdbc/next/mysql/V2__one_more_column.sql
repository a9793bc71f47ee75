-- As the next release might: an older node leaves the column alone. MySQL can't add it only if it is missing.
ALTER TABLE access_tokens ADD COLUMN kept_for VARCHAR(100) DEFAULT 'everybody' NOT NULL;
