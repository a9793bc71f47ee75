package com.example.host

import io.tokenstore.Owner
import io.tokenstore.Token
import io.tokenstore.TokenId
import io.tokenstore.TokenPage
import io.tokenstore.TokenStore
import io.tokenstore.service.Caller
import io.tokenstore.service.IssuedToken
import io.tokenstore.service.TokenServices
import java.time.Instant

fun refused(tokens: TokenServices, store: TokenStore, token: Token, issued: IssuedToken, caller: Caller, text: String?) {
    println(token.revocation().reason()) // error: may be null
    println(token.revocation()!!.reason().length) // error: may be null
    println(caller.token().name()) // error: may be null
    val end: Instant = token.expiresAt() // error: may be null
    var secret = issued.secret()
    secret = null // error: is never null
    var owner = token.owner()
    owner = null // error: is never null
    println(Owner(text)) // error: may not be null
    println(store.find(null)) // error: may not be null
    println(store.findAll(listOf(token.predecessor()))) // error: may not hold a null
    println(tokens.revocation().revokeAll(caller, text, null)) // error: may not be null, as the username may
    println(TokenServices.builder(null)) // error: may not be null
}

abstract class RefusedStore(store: TokenStore) : TokenStore by store {
    override fun list(owner: Owner, after: TokenId, limit: Int): TokenPage = TODO() // error: the first page is after null
}
