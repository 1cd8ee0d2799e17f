using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class UriGeneralNameTests
{
    [Theory]
    [InlineData("https://example.com")]
    [InlineData("https://example.com/path")]
    [InlineData("http://example.com:8080/a/b?x=1#frag")]
    [InlineData("ftp://files.example.com/pub")]
    [InlineData("HTTPS://Example.com/X")]
    [InlineData("ldap://ldap.example.com/dc=example")]
    [InlineData("ws://example.com")]
    [InlineData("spiffe://example.org/workload")]
    [InlineData("spiffe://x/y")]
    [InlineData("git+ssh://example.com/x")]
    [InlineData("h2.a-b+c://example.com")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://10.0.0.1:81/")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("http://[::ffff:1.2.3.4]:8443")]
    [InlineData("http://localhost/")]
    [InlineData("http://host")]
    [InlineData("https://under_score.example.com/")]
    [InlineData("https://a%20b/")]
    [InlineData("https://user:pass@example.com/")]
    [InlineData("https://user@[::1]:1/")]
    [InlineData("https://@example.com/")]
    [InlineData("https://example.com/?a")]
    [InlineData("https://example.com/?a=")]
    [InlineData("https://example.com/?a=1&&b=2")]
    [InlineData("https://example.com?x=%zz")]
    [InlineData("https://example.com/?a=b;c=d")]
    [InlineData("https://example.com/?a[]=1&b=/?")]
    [InlineData("https://example.com/#a#b")]
    [InlineData("https://example.com#a/b?c@d:e")]
    [InlineData("https://example.com//x")]
    [InlineData("https://example.com/%2e")]
    [InlineData("https://example.com/~a-b_c.d!$&'()*+,;=:@e")]
    [InlineData("https://example.com:65535/")]
    [InlineData("https://example.com:1")]
    [InlineData("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")]
    [InlineData("URN:ISBN:0451450523")]
    [InlineData("urn:example:a/b?+r?=q#f")]
    public void An_absolute_URI_stays_as_it_is(string text)
    {
        Assert.True(GeneralName.TryParse("URL", text, out GeneralName? name, out string? why), why);

        UriGeneralName uri = Assert.IsType<UriGeneralName>(name);
        Assert.Null(why);
        Assert.Equal("URL", uri.Type);
        Assert.Equal(text, uri.Text);
        Assert.Equal(text, uri.Uri);
    }

    [Theory]
    [InlineData("https://bücher.example.com/", "https://xn--bcher-kva.example.com/")]
    [InlineData("https://u@BÜCHER.example:80?x", "https://u@xn--bcher-kva.example:80?x")]
    [InlineData("spiffe://пример.рф", "spiffe://xn--e1afmkfd.xn--p1ai")]
    public void A_domain_outside_ASCII_becomes_A_labels(string text, string expected)
    {
        Assert.True(GeneralName.TryParse("URL", text, out GeneralName? name, out _));

        Assert.Equal(expected, Assert.IsType<UriGeneralName>(name).Uri);
        Assert.Equal(text, name.Text);
    }

    [Theory]
    [InlineData("", "absolute URI")]
    [InlineData("nope", "absolute URI")]
    [InlineData("example.com/path", "absolute URI")]
    [InlineData("//example.com/path", "absolute URI")]
    [InlineData("/a:b", "absolute URI")]
    [InlineData("://example.com", "absolute URI")]
    [InlineData("1http://example.com", "absolute URI")]
    [InlineData("ht tp://example.com", "absolute URI")]
    [InlineData(" https://example.com", "absolute URI")]
    [InlineData("httpß://example.com", "absolute URI")]
    [InlineData("mailto:user@example.com", "// and a host")]
    [InlineData("https:example.com", "// and a host")]
    [InlineData("https:/example.com", "// and a host")]
    [InlineData("javascript:alert(1)", "// and a host")]
    [InlineData("data:text/plain,x", "// and a host")]
    [InlineData("file:///etc/passwd", "valid host")]
    [InlineData("https://", "valid host")]
    [InlineData("https:///path", "valid host")]
    [InlineData("https://?x", "valid host")]
    [InlineData("https://:80/", "valid host")]
    [InlineData("https://user@/", "valid host")]
    [InlineData("https://example.com:0/", "valid host")]
    [InlineData("https://example.com:65536/", "valid host")]
    [InlineData("https://example.com:abc/", "valid host")]
    [InlineData("https://example.com:/", "valid host")]
    [InlineData("https://example.com:+80/", "valid host")]
    [InlineData("https://example.com:80\0/", "valid host")]
    [InlineData("https://example.com:80:80/", "valid host")]
    [InlineData("https://a@b@example.com/", "valid host")]
    [InlineData("https://exa mple.com/", "valid host")]
    [InlineData("https://example.com\\@evil.org/", "valid host")]
    [InlineData("https://ex<ample.com/", "valid host")]
    [InlineData("https://256.1.1.1/", "valid host")]
    [InlineData("https://1.2.3/", "valid host")]
    [InlineData("https://16909060/", "valid host")]
    [InlineData("https://[::1/", "valid host")]
    [InlineData("https://[/", "valid host")]
    [InlineData("https://[]/", "valid host")]
    [InlineData("https://]/", "valid host")]
    [InlineData("https://::1/", "valid host")]
    [InlineData("https://[1.2.3.4]/", "valid host")]
    [InlineData("https://[::1%25eth0]/", "valid host")]
    [InlineData("https://[v1.x]/", "valid host")]
    [InlineData("https://[::1]x/", "valid host")]
    [InlineData("https://x[::1]/", "valid host")]
    [InlineData("https://[::1]:/", "valid host")]
    [InlineData("https://[::1]]/", "valid host")]
    [InlineData("https://[::1]:80]/", "valid host")]
    [InlineData("https://bücher/", "valid host")]
    [InlineData("https://*.bücher.example/", "valid host")]
    [InlineData("https://ｅxample.com/", "valid host")]
    [InlineData("https://üser@example.com/", "valid host")]
    [InlineData("https://example.com/straße", "characters of a URI")]
    [InlineData("https://example.com/a|b", "characters of a URI")]
    [InlineData("https://example.com/\"x\"", "characters of a URI")]
    [InlineData("https://example.com/a b", "characters of a URI")]
    [InlineData("https://example.com/a\\b", "characters of a URI")]
    [InlineData("https://example.com/a`b", "characters of a URI")]
    [InlineData("https://example.com/a^b", "characters of a URI")]
    [InlineData("https://example.com/{x}", "characters of a URI")]
    [InlineData("https://example.com/<x>", "characters of a URI")]
    [InlineData("https://example.com/[x]", "characters of a URI")]
    [InlineData("https://example.com/?x=\"", "characters of a URI")]
    [InlineData("https://example.com/?x=ü", "characters of a URI")]
    [InlineData("https://example.com/#[x]", "characters of a URI")]
    [InlineData("https://example.com/#x y", "characters of a URI")]
    [InlineData("https://example.com/\n", "characters of a URI")]
    [InlineData("https://example.com/\0", "characters of a URI")]
    [InlineData("https://example.com/\u007F", "characters of a URI")]
    [InlineData("urn:", "urn:NID:NSS")]
    [InlineData("urn:a:b", "urn:NID:NSS")]
    [InlineData("urn:ab:", "urn:NID:NSS")]
    [InlineData("urn:ab", "urn:NID:NSS")]
    [InlineData("urn:-ab:c", "urn:NID:NSS")]
    [InlineData("urn:ab-:c", "urn:NID:NSS")]
    [InlineData("urn:a_b:c", "urn:NID:NSS")]
    [InlineData("urn:ab:?x", "urn:NID:NSS")]
    [InlineData("urn:ab:#x", "urn:NID:NSS")]
    [InlineData("urn:ab:ü", "urn:NID:NSS")]
    [InlineData("urn:ab:c d", "urn:NID:NSS")]
    [InlineData("urn:abcdefghijklmnopqrstuvwxyz0123456:c", "urn:NID:NSS")]
    public void What_is_no_URI_with_a_host_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(GeneralName.TryParse("URL", text, out GeneralName? name, out string? why));

        Assert.Null(name);
        Assert.StartsWith("must ", why, StringComparison.Ordinal);
        Assert.Contains(reason, why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_URI_has_at_most_2048_characters()
    {
        string fits = "https://example.com/".PadRight(2048, 'x');

        Assert.True(GeneralName.TryParse("URL", fits, out _, out _));
        Assert.False(GeneralName.TryParse("URL", fits + "x", out _, out string? why));
        Assert.Equal("must have at most 2048 characters", why);
    }
}
