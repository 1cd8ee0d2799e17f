namespace ServerlessCA.Core.Access;

/// <summary>Is a kind of call of the API, with what its caller needs: the one place that decides who may make which call.
/// Immutable.</summary>
public sealed record ApiCall
{
    private ApiCall(AccessLevel? needed) => Needed = needed;

    /// <summary>Gets the kind of calls that anybody makes: the description of the API, and signing in and out.</summary>
    public static ApiCall Open { get; } = new((AccessLevel?)null);

    /// <summary>Gets the kind of calls that read.</summary>
    public static ApiCall Read { get; } = new(AccessLevel.Read);

    /// <summary>Gets the call that plans a run, which computes much and changes nothing.</summary>
    public static ApiCall Plan { get; } = new(AccessLevel.Request);

    /// <summary>Gets the call that requests a certificate.</summary>
    public static ApiCall Request { get; } = new(AccessLevel.Request) { IsForPrograms = true };

    /// <summary>Gets the calls that revoke, and run the pipeline.</summary>
    public static ApiCall Operate { get; } = new(AccessLevel.Operate);

    /// <summary>Gets the least level that may call; null: anybody may.</summary>
    public AccessLevel? Needed { get; }

    /// <summary>Says whether a session, which is what a web page has, may make it only where the operator allowed it.</summary>
    public bool IsForPrograms { get; private init; }

    /// <summary>Decides whether a caller may make the call.</summary>
    /// <param name="rights">What the caller may do; null: nobody knows the caller.</param>
    /// <param name="isSession">Whether the caller signed in with a web page.</param>
    /// <param name="pagesRequest">Whether the operator lets web pages request certificates.</param>
    public ApiVerdict Judge(CallerRights? rights, bool isSession, bool pagesRequest) =>
        Needed is not { } needed ? ApiVerdict.Allowed
        : rights is null || (rights.Level == AccessLevel.Read && needed > AccessLevel.Read) ? ApiVerdict.NotSignedIn
        : rights.WhyNot(needed) is not null ? ApiVerdict.LevelTooLow
        : IsForPrograms && isSession && !pagesRequest ? ApiVerdict.NotFromPages
        : ApiVerdict.Allowed;
}

/// <summary>Says whether a caller may make a call of the API.</summary>
public enum ApiVerdict
{
    /// <summary>The caller may.</summary>
    Allowed,

    /// <summary>Nobody may without credentials, and the caller has shown none.</summary>
    NotSignedIn,

    /// <summary>The caller's level does not suffice.</summary>
    LevelTooLow,

    /// <summary>The level suffices, but the operator does not let web pages do it.</summary>
    NotFromPages,
}
