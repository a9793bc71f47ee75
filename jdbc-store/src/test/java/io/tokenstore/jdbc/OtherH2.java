package io.tokenstore.jdbc;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.Properties;
import javax.sql.DataSource;

/** Another version of H2 than the one that this JVM has on its path. */
final class OtherH2 {

    private OtherH2() {}

    static Path jar(String version) {
        return Path.of("target", "h2", "h2-" + version + ".jar").toAbsolutePath();
    }

    /** The class loader stays open, because connections use it. */
    static DataSource at(String version, String url) throws Exception {
        URL[] jar = {jar(version).toUri().toURL()};
        ClassLoader loader = new OwnFirst(jar);
        Driver driver = (Driver)
                loader.loadClass("org.h2.Driver").getDeclaredConstructor().newInstance();
        return Unpooled.of(() -> driver.connect(url, new Properties()));
    }

    /** Also on the module path, each loader of the JDK would find this JVM's H2 first. */
    private static final class OwnFirst extends URLClassLoader {

        OwnFirst(URL[] jar) {
            super(jar, OtherH2.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith("org.h2.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
