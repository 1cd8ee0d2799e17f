namespace ServerlessCA.Conformance.Der;

/// <summary>Bytes that are not the DER they should be.</summary>
public sealed class DerException(string message, Exception? cause = null) : FormatException(message, cause);
