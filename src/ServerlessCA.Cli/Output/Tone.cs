namespace ServerlessCA.Cli.Output;

/// <summary>How a word is meant; a terminal shows it by colour. Colour never says anything that the text does not.</summary>
internal enum Tone
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>Went well.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Went wrong.</summary>
    Bad,

    /// <summary>Beside the point.</summary>
    Faint,
}
