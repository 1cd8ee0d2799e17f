namespace ServerlessCA.Core.Certificates;

/// <summary>Why a text has not one PEM block.</summary>
internal enum PemFault
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>Nothing but white space.</summary>
    Empty,

    /// <summary>There is no BEGIN line.</summary>
    NoBlock,

    /// <summary>Another block follows.</summary>
    SecondBlock,

    /// <summary>There is no END line of the same label.</summary>
    Unfinished,

    /// <summary>What is between the lines is not base64.</summary>
    BadBase64,
}
