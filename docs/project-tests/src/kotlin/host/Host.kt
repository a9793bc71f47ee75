package com.example.host

import io.tokenstore.Owner
import io.tokenstore.Token
import io.tokenstore.TokenId
import io.tokenstore.TokenPage
import io.tokenstore.TokenStore
import io.tokenstore.service.Caller
import io.tokenstore.service.TokenRequest
import io.tokenstore.service.TokenServices
import java.time.Duration
import java.time.Instant

/** A store of the host's own: an override says of each parameter whether it may be null. */
class CountingStore(private val store: TokenStore) : TokenStore by store {

    var lists = 0

    override fun list(owner: Owner, after: TokenId?, limit: Int): TokenPage {
        lists++
        return store.list(owner, after, limit)
    }
}

/** A host: what may be null is asked for, and what may not is not. */
fun host(kept: TokenStore): String {
    val store = CountingStore(kept)
    val tokens = TokenServices.builder(store).build()
    val alice = Caller.user(Owner("alice"))
    val request = TokenRequest.named("laptop").withTtl(Duration.ofDays(30)).withScopes(null).withRenewableUntil(null)
    val issued = tokens.issuance().issue(alice, "alice", request).orElseThrow()

    val secret: String = issued.secret()
    val expiresAt: Instant? = issued.expiresAt()
    val caller = tokens.authenticator().authenticate("Bearer $secret")
    val name: String = caller.token()?.name() ?: "no token"
    val token: Token = store.list(Owner("alice"), null, 10).tokens().single()
    val reason: String? = token.revocation()?.reason()
    val nobody = tokens.authenticator().authenticate(null)

    return "$caller, $name, ${expiresAt != null}, $reason, $nobody, ${store.lists}"
}
