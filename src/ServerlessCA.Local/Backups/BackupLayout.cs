using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Backups;

/// <summary>What is in a backup: an ordinary <c>tar.gz</c> with the files of a data folder under the names that they have
/// there, <c>backup.json</c>, and last <c>SHA256SUMS</c>, so that <c>tar</c> and <c>sha256sum --check</c> are enough to
/// look into one. Notifications are not in it: what was told once would be told again.</summary>
internal static class BackupLayout
{
    /// <summary>What it says of itself (<see cref="BackupFacts"/>).</summary>
    public const string Facts = "backup.json";

    /// <summary>The digest of every other file; an archive without it was cut off.</summary>
    public const string Sums = "SHA256SUMS";

    /// <summary>The settings.</summary>
    public const string Settings = DataFolder.SettingsName;

    /// <summary>The ledger.</summary>
    public const string Ledger = DataFolder.LedgerName;

    /// <summary>The CA keys.</summary>
    public const string Keys = DataFolder.KeysName;

    /// <summary>What the world may have.</summary>
    public const string External = DataFolder.ExternalName;

    /// <summary>What the operator hands in, and copies of CRLs.</summary>
    public const string Internal = DataFolder.InternalName;

    /// <summary>Whether a backup may hold a file of this name: nothing else is ever written by restoring one.</summary>
    public static bool Allows(string name) => name is Facts or Sums or Settings or Ledger
        || (StoreKey.TryParse(name, out StoreKey? key) && key.Parts is [Keys, _] or [External or Internal, _, ..]);

    /// <summary>The mode that a file is restored with, whatever an archive says.</summary>
    public static UnixFileMode ModeOf(string name) =>
        name.StartsWith($"{External}/", StringComparison.Ordinal) || name.StartsWith($"{Internal}/", StringComparison.Ordinal)
            ? Access.WorldFile
            : Access.OwnerFile;
}
