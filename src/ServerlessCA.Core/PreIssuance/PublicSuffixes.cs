namespace ServerlessCA.Core.PreIssuance;

/// <summary>Knows domains in which anybody can register names, if they follow a common pattern or are widely used. The whole Public
/// Suffix List has ten thousand entries and changes every week; a domain that is missing here gives no finding.</summary>
internal static class PublicSuffixes
{
    // Second labels that registries of countries use, such as co.uk or com.au.
    private static readonly HashSet<string> SecondLabels = new(StringComparer.OrdinalIgnoreCase) { "ac", "co", "com", "edu", "gov", "net", "or", "org" };

    // From the private section of the list: hosting providers, where anybody gets a name.
    private static readonly HashSet<string> OfProviders = new(StringComparer.OrdinalIgnoreCase)
    {
        "github.io", "gitlab.io", "herokuapp.com", "azurewebsites.net", "cloudfront.net", "elasticbeanstalk.com", "s3.amazonaws.com",
        "vercel.app", "netlify.app", "pages.dev", "workers.dev", "web.app", "firebaseapp.com", "blogspot.com",
    };

    /// <summary>Says whether a domain is one of them.</summary>
    public static bool Contains(string domain) =>
        OfProviders.Contains(domain) || (domain.Split('.') is [var second, { Length: 2 }] && SecondLabels.Contains(second));
}
