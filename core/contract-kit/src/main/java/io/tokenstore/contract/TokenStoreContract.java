package io.tokenstore.contract;

/**
 * The contract of a {@link io.tokenstore.TokenStore}: a store's test class implements this interface and {@link #emptyStore()},
 * and inherits a test for each {@link Rule}. Tests that need a second instance are in {@link TwoNodesContract}, and those that
 * need a failing medium in {@link FailureContract}. {@link TokenUsesContract} tests {@link io.tokenstore.TokenUses}.
 */
public interface TokenStoreContract
        extends AddContract,
                DuplicateContract,
                InstantContract,
                HostileIdContract,
                OwnerContract,
                RetryContract,
                RevokeContract,
                RevokeAllContract,
                VisibilityContract,
                LookContract,
                PurgeRaceContract,
                ListContract,
                ScanContract,
                ActivateContract,
                BatchContract,
                SnapshotContract,
                PurgeContract,
                ArgumentsContract,
                RetentionContract,
                ContentionContract,
                HostTransactionContract {}
