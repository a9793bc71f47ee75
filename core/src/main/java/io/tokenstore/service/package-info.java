/** What a host calls: {@link io.tokenstore.service.TokenServices} is the entry point to all services. */
@NullMarked
package io.tokenstore.service;

import org.jspecify.annotations.NullMarked;
