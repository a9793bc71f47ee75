// Both stores work, and are modules on the one path and none on the other. SLF4J says that it has nowhere to log.
def said = { path -> new File(basedir, "target/on-the-${path}.txt").readLines().findAll { !it.startsWith('SLF4J') } }
assert said('module-path') == ['io.tokenstore.memory: user alice, OK, anonymous', 'io.tokenstore.jdbc: user alice, OK, anonymous']
assert said('class-path') == ['null: user alice, OK, anonymous'] * 2
