using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Access;

/// <summary>Checks which names patterns of policies take.</summary>
public sealed class NamePatternTests
{
    [Theory]
    [InlineData("www.example.com", "www.example.com", true)]
    [InlineData("www.example.com", "WWW.Example.com", true)]
    [InlineData("*.example.com", "www.example.com", true)]
    [InlineData("*.example.com", "*.example.com", true)]
    [InlineData("*.example.com", "a.b.example.com", false)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", ".example.com", true)] // no certificate of ours has such a name
    [InlineData("*.example.com", "www.example.com.evil.org", false)]
    [InlineData("*.example.com", "wwwXexample.com", false)]
    [InlineData("web-*.example.com", "web-1.example.com", true)]
    [InlineData("web-*.example.com", "*.example.com", false)] // it would stand for db-1.example.com, too
    [InlineData("web-*-*.example.com", "web-a-b.example.com", true)]
    [InlineData("web-*-*.example.com", "web-a.example.com", false)]
    [InlineData("*.*.example.com", "a.b.example.com", true)]
    [InlineData("*.kelvin.com", "a.\u212Aelvin.com", false)]
    [InlineData("*", "anything, at all", true)]
    [InlineData("*", "a.b", true)]
    [InlineData("**", "a.b", false)]
    [InlineData("client *", "client 7", true)]
    public void A_star_stands_for_characters_of_one_label(string text, string name, bool expected)
    {
        Assert.True(NamePattern.TryParse(text, out NamePattern? pattern, out _));

        Assert.Equal(expected, pattern.Matches(name));
    }

    [Theory]
    [InlineData("*", "URL", "urn:x:y", true)]
    [InlineData("DNS_NAME:*", "DNS_NAME", "a.b.c", true)]
    [InlineData("DNS_NAME:*", "URL", "a.b.c", false)]
    [InlineData("DNS_NAME:*.example.com", "DNS_NAME", "a.example.com", true)]
    [InlineData("DNS_NAME:*.example.com", "EMAIL_ADDRESS", "a.example.com", false)]
    [InlineData("IP_ADDRESS:10.0.0.0/8", "IP_ADDRESS", "10.255.0.1", true)]
    [InlineData("IP_ADDRESS:10.0.0.0/8", "IP_ADDRESS", "11.0.0.1", false)]
    [InlineData("IP_ADDRESS:10.0.0.0/8", "IP_ADDRESS", "::ffff:10.0.0.1", false)]
    [InlineData("IP_ADDRESS:10.0.0.1", "IP_ADDRESS", "10.0.0.1", true)]
    [InlineData("IP_ADDRESS:10.0.0.1", "IP_ADDRESS", "10.0.0.2", false)]
    [InlineData("IP_ADDRESS:2001:db8::/32", "IP_ADDRESS", "2001:db8:1::1", true)]
    [InlineData("IP_ADDRESS:2001:db8::/32", "IP_ADDRESS", "2001:db9::1", false)]
    [InlineData("EMAIL_ADDRESS:*@example.com", "EMAIL_ADDRESS", "john.smith@example.com", true)]
    [InlineData("EMAIL_ADDRESS:*@example.com", "EMAIL_ADDRESS", "john@x.example.com", false)]
    [InlineData("EMAIL_ADDRESS:*@*.example.com", "EMAIL_ADDRESS", "john@x.example.com", true)]
    [InlineData("URL:https://*.example.com/*", "URL", "https://a.example.com/b", true)]
    [InlineData("URL:https://*.example.com/*", "URL", "https://a.example.com/b/c", false)]
    [InlineData("URL:https://*.example.com/*", "URL", "https://evil.org/.example.com/b", false)]
    [InlineData("URL:https://*.example.com/*", "URL", "https://evil@a.example.com/b", false)]
    [InlineData("URL:https://*.example.com/*", "URL", "https://a.example.com:444/b", false)]
    [InlineData("URL:https://*.example.com/*", "URL", "https://a%2eb.example.com/b", false)]
    [InlineData("URL:https://*.example.com/*", "URL", "https://evil.org%2f.example.com/b", false)]
    [InlineData("URL:https://*.example.com/*", "URL", "https://evil%40a.example.com/b", false)]
    [InlineData("URL:https://*.example.com/*", "URL", @"https://evil\.example.com/b", false)]
    [InlineData("URL:https://*", "URL", @"https://evil\@a", false)]
    [InlineData("URL:https://*", "URL", "https://user@a", false)]
    [InlineData("URL:https://a%2eb.example.com/", "URL", "https://a%2eb.example.com/", false)]
    [InlineData("URL:*", "URL", "https://a%2eb.example.com/", true)]
    [InlineData("URL:spiffe://example.org/ns/*", "URL", "spiffe://example.org/ns/a%2Fsa%2fb", false)]
    [InlineData("URL:spiffe://example.org/ns/*", "URL", "spiffe://example.org/ns/%2e%2e%5cb", false)]
    [InlineData("URL:spiffe://example.org/ns/*", "URL", @"spiffe://example.org/ns/..\b", false)]
    [InlineData("URL:spiffe://example.org/ns/*", "URL", "spiffe://example.org/ns/a%20b", true)]
    [InlineData("URL:spiffe://example.org/ns/*/sa/*", "URL", "spiffe://example.org/ns/a.b/sa/c", true)]
    [InlineData("URL:spiffe://example.org/ns/*/sa/*", "URL", "spiffe://example.org/ns/%2e%2E/sa/c", false)]
    [InlineData("URL:urn:uuid:*", "URL", "urn:uuid:1-2", true)]
    [InlineData("URL:urn:uuid:*", "URL", "urn:other:1-2", false)]
    [InlineData("DN:CN=*,O=Example", "DN", "CN=a,O=Example", true)]
    [InlineData("DN:CN=*,O=Example", "DN", @"CN=a\,O=Example", false)]
    [InlineData("DN:CN=*,O=Example", "DN", "CN=a,O=Example,C=GB", false)]
    public void Alternative_names_are_compared_by_the_rules_of_their_type(string text, string type, string name, bool expected)
    {
        Assert.True(SanPattern.TryParse(text, out SanPattern? pattern, out string? why), why);

        Assert.Equal(expected, pattern.Matches(new AlternativeName(type, name)));
        Assert.Equal(text, pattern.ToString());
    }

    [Theory]
    [InlineData("example.com", "must begin with DNS_NAME:")]
    [InlineData("dns_name:example.com", "must begin with DNS_NAME:")]
    [InlineData("DNS_NAME:", "must have from 1 to")]
    [InlineData("IP_ADDRESS:10.0.0.1/8", "has bits behind its prefix: write 10.0.0.0/8")]
    [InlineData("IP_ADDRESS:10.0.0.0/33", "must end with the length of its prefix, from /0 to /32")]
    [InlineData("IP_ADDRESS:10.0.0.*", "must be a network")]
    [InlineData("EMAIL_ADDRESS:example.com", "must have one @")]
    public void A_pattern_that_could_never_fit_is_refused(string text, string why)
    {
        Assert.False(SanPattern.TryParse(text, out _, out string? problem));
        Assert.StartsWith(why, problem, StringComparison.Ordinal);
    }
}
