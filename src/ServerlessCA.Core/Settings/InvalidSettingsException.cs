namespace ServerlessCA.Core.Settings;

/// <summary>A setting cannot be used. The message names it and says what is expected.</summary>
public sealed class InvalidSettingsException(string message) : Exception(message);
