namespace ServerlessCA.Local.Backups;

/// <summary>A backup cannot be written, or what was given is no whole backup. Nothing was left behind.</summary>
public sealed class BackupUnusableException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public BackupUnusableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong and what to do, and keeps the cause.</summary>
    public BackupUnusableException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
