namespace ServerlessCA.Emulators;

/// <summary>How a call of a service goes wrong.</summary>
public enum ServiceFault
{
    /// <summary>It never reaches the service: the connection breaks.</summary>
    Lost,

    /// <summary>The service does it, but the connection breaks before its answer.</summary>
    DoneButAnswerLost,

    /// <summary>The service does nothing and answers, in its own form, that there are too many requests.</summary>
    Throttled,
}
