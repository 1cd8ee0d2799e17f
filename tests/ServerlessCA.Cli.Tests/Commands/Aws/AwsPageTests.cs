using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Tests that the page of a CA on AWS is written as that of a local one.</summary>
public sealed class AwsPageTests
{
    [Fact]
    public async Task The_page_of_a_CA_on_AWS_has_its_CAs_and_published_files()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        (await session.RunRawAsync("page", "--out", session.Folder.At("site"), "--ca", ca.Location)).Done();

        JsonElement authorities = JsonDocument.Parse(session.Folder.Read("site", "api", "v1", "authorities.json")).RootElement.GetProperty("Authorities");
        Assert.Equal([ca.Names.RootCa, ca.Names.IssuingCa], authorities.EnumerateArray().Select(one => one.GetProperty("CommonName").GetString()));
        (byte[] content, _) = await ca.Deployed.GetPublishedAsync($"{ca.Names.IssuingCa}.crt");
        Assert.Equal(content, await File.ReadAllBytesAsync(session.Folder.At("site", $"{ca.Names.IssuingCa}.crt"), TestContext.Current.CancellationToken));
    }
}
