using ServerlessCA.Core.Settings;

namespace ServerlessCA.Server.Tests.Files;

/// <summary>Checks that the server publishes the JSON Schemas to anybody, and nothing else beside them.</summary>
public sealed class SchemaTests
{
    [Fact]
    public async Task Every_schema_is_served_to_anybody_as_the_program_writes_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        foreach (PublishedSchema schema in PublishedSchemas.All)
        {
            Reply got = (await server.Http.ReplyAsync($"/schemas/{schema.File}")).Ok();
            using var again = new HttpRequestMessage(HttpMethod.Get, $"/schemas/{schema.File}");
            again.Headers.TryAddWithoutValidation("If-None-Match", got.Headers["etag"]);

            Assert.Equal(schema.Write(), got.Text);
            Assert.Equal(("application/schema+json", "nosniff", "*"), (got.Headers["content-type"], got.Headers["x-content-type-options"], got.Headers["access-control-allow-origin"]));
            Assert.Equal(304, (await server.Http.ReplyAsync(again)).Status);
        }
    }

    [Theory]
    [InlineData("/schemas/other.json")]
    [InlineData("/schemas/tls")]
    [InlineData("/schemas/")]
    [InlineData("/schemas/../settings.json")]
    public async Task Nothing_else_is_there(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Assert.Equal(404, (await server.Http.ReplyAsync(path)).Status);
    }
}
