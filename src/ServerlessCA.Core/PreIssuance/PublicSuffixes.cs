namespace ServerlessCA.Core.PreIssuance;

/// <summary>Domains in which the public registers names, as far as they can be told by their look or are very common. The whole
/// Public Suffix List has ten thousand entries and changes every week; what is missing here is no finding.</summary>
internal static class PublicSuffixes
{
    // Second labels that registries of countries use, such as co.uk or com.au.
    private static readonly HashSet<string> SecondLabels = new(StringComparer.OrdinalIgnoreCase) { "ac", "co", "com", "edu", "gov", "net", "or", "org" };

    // Of the private section of the list: anybody gets a name there.
    private static readonly HashSet<string> OfProviders = new(StringComparer.OrdinalIgnoreCase)
    {
        "github.io", "gitlab.io", "herokuapp.com", "azurewebsites.net", "cloudfront.net", "elasticbeanstalk.com", "s3.amazonaws.com",
        "vercel.app", "netlify.app", "pages.dev", "workers.dev", "web.app", "firebaseapp.com", "blogspot.com",
    };

    /// <summary>Whether a domain is one of them.</summary>
    public static bool Contains(string domain) =>
        OfProviders.Contains(domain) || (domain.Split('.') is [var second, { Length: 2 }] && SecondLabels.Contains(second));
}
