package org.mosslsm.kv;

import java.util.UUID;

/** It is not known whether a commit took effect (a lost server, a failed sync). Ask {@link Store#status}. */
public final class UnknownOutcomeException extends KvException {
    private static final long serialVersionUID = 1L;

    private final UUID commitId;

    /** Names the commit whose outcome is open. */
    public UnknownOutcomeException(UUID commitId, String message, Throwable cause) {
        super(message, cause);
        this.commitId = commitId;
    }

    /** Identity of the commit, as given in its {@link CommitRequest}. */
    public UUID commitId() {
        return commitId;
    }
}
