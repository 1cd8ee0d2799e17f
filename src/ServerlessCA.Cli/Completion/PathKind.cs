namespace ServerlessCA.Cli.Completion;

/// <summary>What the shell itself is to complete.</summary>
internal enum PathKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Files, and the folders on the way to them.</summary>
    Files,

    /// <summary>Folders.</summary>
    Folders,
}
