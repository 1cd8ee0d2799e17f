namespace ServerlessCA.Local.Keys;

/// <summary>Where the passphrase of the key files comes from. Never an argument of a command: those show in lists
/// of processes and in shell histories.</summary>
public interface IPassphraseSource
{
    /// <summary>For messages, such as <c>variable CA_PASSPHRASE</c>.</summary>
    string Name { get; }

    /// <summary>The passphrase in UTF-8, at least one byte, fresh at every call; the caller zeroes it.</summary>
    /// <exception cref="Core.Ports.CaKeyUnavailableException">There is none.</exception>
    byte[] Read();
}
