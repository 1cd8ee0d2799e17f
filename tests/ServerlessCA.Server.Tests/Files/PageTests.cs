using ServerlessCA.Server.Page;

namespace ServerlessCA.Server.Tests.Files;

/// <summary>Checks how the page and its files are served.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task The_document_lists_the_published_files_where_no_script_runs()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply page = (await server.Http.ReplyAsync("/")).Ok();

        Assert.Equal(("text/html; charset=utf-8", PageFiles.ContentSecurityPolicy), (page.Headers["content-type"], page.Headers["content-security-policy"]));
        Assert.Matches("(?s)<noscript>.*<a href=\"serverless-issuing-ca-dev.crl\">.*</noscript>", page.Text);
        Assert.Contains("<title>serverless, dev: certificate authority</title>", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_is_served_with_its_type_a_tag_and_the_policy_and_is_not_sent_again()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Assert.NotEmpty(PageFiles.All);

        foreach (PageFile file in PageFiles.All)
        {
            Reply got = (await server.Http.ReplyAsync($"/{file.Path}")).Ok();
            using var again = new HttpRequestMessage(HttpMethod.Get, $"/{file.Path}");
            again.Headers.TryAddWithoutValidation("If-None-Match", got.Headers["etag"]);
            using var head = new HttpRequestMessage(HttpMethod.Head, $"/{file.Path}");
            Reply unchanged = await server.Http.ReplyAsync(again);
            Reply alone = await server.Http.ReplyAsync(head);

            Assert.Equal(file.Content.ToArray(), got.Body);
            Assert.Equal((file.MediaType, "nosniff", "no-cache"), (got.Headers["content-type"], got.Headers["x-content-type-options"], got.Headers["cache-control"]));
            Assert.Equal((PageFiles.ContentSecurityPolicy, "same-origin"), (got.Headers["content-security-policy"], got.Headers["cross-origin-resource-policy"]));
            Assert.Equal((304, 0), (unchanged.Status, unchanged.Body.Length));
            Assert.Equal((200, 0, got.Headers["etag"]), (alone.Status, alone.Body.Length, alone.Headers["etag"]));
        }
    }

    [Fact]
    public async Task A_link_of_another_site_may_lead_to_the_page()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var link = new HttpRequestMessage(HttpMethod.Get, "/");
        link.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "cross-site");
        link.Headers.TryAddWithoutValidation("Sec-Fetch-Mode", "navigate");

        (await server.Http.ReplyAsync(link)).Ok();
    }
}
