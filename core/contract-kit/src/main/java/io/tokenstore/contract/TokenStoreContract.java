package io.tokenstore.contract;

/**
 * The contract of a {@link io.tokenstore.TokenStore}: a store's test class implements this interface and
 * {@link #emptyStore()}, and inherits a test for each {@link Rule}. What takes a second instance, or a medium that fails, is in
 * {@link TwoNodesContract} and {@link FailureContract}, and what proves {@link io.tokenstore.TokenUses} in
 * {@link TokenUsesContract}.
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
