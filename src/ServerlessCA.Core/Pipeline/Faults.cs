using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Pipeline;

/// <summary>Exceptions that one step may end with while the others go on. Anything else is a bug and ends the run.</summary>
public static class Faults
{
    /// <summary>Whether an exception is such a fault.</summary>
    public static bool IsFault(Exception exception) => exception
        is LedgerUnavailableException or FilesUnavailableException or CaKeyUnavailableException
        or InvalidSettingsException or CertificateLintException or CrlLintException;
}
