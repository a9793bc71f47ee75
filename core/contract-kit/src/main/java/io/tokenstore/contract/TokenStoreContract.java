package io.tokenstore.contract;

/**
 * The whole contract of a {@link io.tokenstore.TokenStore}: a store's test class implements this interface and
 * {@link #emptyStore()}, and inherits a test for each {@link Rule}.
 */
public interface TokenStoreContract
        extends AddContract,
                RevokeContract,
                RevokeAllContract,
                VisibilityContract,
                ListContract,
                ScanContract,
                ActivateContract,
                BatchContract,
                SnapshotContract,
                PurgeContract,
                ArgumentsContract {}
