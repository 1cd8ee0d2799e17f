namespace ServerlessCA.Core.Requests;

/// <summary>The CSR of a request: a closed set of cases. Immutable.</summary>
public abstract record CsrSource
{
    private CsrSource()
    {
    }

    /// <summary>A file below <c>csrs/</c> of the internal store: requests of a GitOps folder have it there.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record File(string Name) : CsrSource;

    /// <summary>The request carries it.</summary>
    /// <param name="Text">PEM, as it was sent.</param>
    public sealed record PemText(string Text) : CsrSource;

    /// <summary>The request carries something that is no text.</summary>
    /// <param name="Why">What is wrong with it.</param>
    internal sealed record Unread(Rejection Why) : CsrSource;
}
