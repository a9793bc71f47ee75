// Red because each test of the kit ran and failed, not because nothing was compiled or found.
def suites = new File(basedir, 'target/surefire-reports').listFiles().findAll { it.name ==~ /TEST-.*\.xml/ }.collect {
    new groovy.xml.XmlSlurper().parse(it)
}
def total = { count -> suites.sum(0) { suite -> suite["@$count"].toInteger() } }
assert total('tests') >= 60
assert total('failures') + total('errors') == total('tests')
