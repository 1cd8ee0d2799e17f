namespace ServerlessCA.Server;

/// <summary>What a server lacks that it must not be started without.</summary>
public enum MissingPart
{
    /// <summary>Other machines reach it, or clients come with certificates: it needs TLS.</summary>
    Tls,

    /// <summary>Other machines reach it: callers must show who they are.</summary>
    Authentication,
}
