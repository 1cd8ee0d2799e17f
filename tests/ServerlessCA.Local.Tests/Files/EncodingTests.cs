using System.Text;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Local.Delivery.Settings;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Keys;
using ServerlessCA.Local.Settings;
using Xunit;

namespace ServerlessCA.Local.Tests.Files;

/// <summary>Checks that all text files of a local CA are decoded in the same way.</summary>
public sealed class EncodingTests : IDisposable
{
    private const string Ansi = "line 1 is not UTF-8; it looks like Windows-1252 (ANSI): save it as UTF-8";

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_byte_order_mark_changes_nothing(string encoding)
    {
        string passphrase = Write("passphrase", Marked(encoding, "pässword\r\n"));

        Assert.Equal("pässword"u8.ToArray(), new FilePassphrase(passphrase).Read());
        Assert.True(new SecretSource(null, passphrase).TryRead(out string? secret, out _));
        Assert.Equal("pässword", secret);
        Assert.Equal("other", (await SettingsAsync(Marked(encoding, """{"project": "other"}"""))).Ca.Names.Project);
    }

    [Fact]
    public async Task Another_encoding_is_reported_with_its_line()
    {
        string passphrase = Write("passphrase", Encoding.Latin1.GetBytes("pässword\n"));

        Assert.Equal($"Passphrase file '{passphrase}': {Ansi}.", Assert.Throws<CaKeyUnavailableException>(() => new FilePassphrase(passphrase).Read()).Message);
        Assert.False(new SecretSource(null, passphrase).TryRead(out _, out string? why));
        Assert.Equal($"file '{passphrase}' cannot be read: {Ansi}", why);
        SettingsUnusableException settings = await Assert.ThrowsAsync<SettingsUnusableException>(
            () => SettingsAsync(Encoding.Latin1.GetBytes("""{"root_ca_info": {"organization": "Müller"}}""")));
        Assert.EndsWith($"settings.json': {Ansi}.", settings.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_list_is_edited_in_its_own_encoding(string encoding)
    {
        string list = Write("revoked.json", Marked(encoding, "[]\n"));

        Assert.True(await new FolderRevocationLists(folder.Path).AddAsync("revoked.json", Entry, Cancellation));

        byte[] edited = await File.ReadAllBytesAsync(list, Cancellation);
        Encoding same = Encoding.GetEncoding(encoding);
        Assert.Equal(same.Preamble.ToArray(), edited[..same.Preamble.Length]);
        Assert.Contains("Müller", same.GetString(edited), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_in_another_encoding_is_not_edited()
    {
        byte[] content = Encoding.Latin1.GetBytes("[{\"common_name\": \"ü\"}]");
        string list = Write("revoked.json", content);

        FilesUnavailableException fault = await Assert.ThrowsAsync<FilesUnavailableException>(
            () => new FolderRevocationLists(folder.Path).AddAsync("revoked.json", Entry, Cancellation));

        Assert.Equal($"'{list}' cannot be edited: {Ansi}. It was left as it is.", fault.Message);
        Assert.Equal(content, await File.ReadAllBytesAsync(list, Cancellation));
    }

    private static RevocationEntry Entry => new("Müller", SerialNumber.Parse("5"), RevocationReason.Unspecified);

    private static byte[] Marked(string encoding, string text)
    {
        Encoding marked = Encoding.GetEncoding(encoding);
        return [.. marked.Preamble, .. marked.GetBytes(text)];
    }

    private async Task<LocalSettings> SettingsAsync(byte[] content)
    {
        var data = new DataFolder(folder.At("data"));
        await data.CreateAsync(TimeProvider.System, Cancellation);
        await File.WriteAllBytesAsync(data.SettingsFile, content, Cancellation);
        return data.ReadSettings();
    }

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(folder.At(name), content);
        return folder.At(name);
    }
}
