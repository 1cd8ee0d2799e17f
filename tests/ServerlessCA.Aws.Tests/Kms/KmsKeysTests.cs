using ServerlessCA.Aws.Kms;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators.FakeKms;
using Xunit;

namespace ServerlessCA.Aws.Tests.Kms;

public sealed class KmsKeysTests : KmsFixture
{
    private const string Name = "serverless-issuing-ca-dev";
    private const string Alias = $"alias/{Name}";

    [Fact]
    public async Task A_warm_function_finds_the_new_key_of_a_CA_that_was_replaced()
    {
        Kms.CreateKey(Alias, "ECC_NIST_P256");
        var keys = new KmsKeys(Session.Kms());
        await SignAsync(keys);

        Kms.CreateKey(Alias, "ECC_NIST_P256");
        await SignAsync(keys);

        Assert.Equal(Kms.PublicKey(Alias), (await keys.FindAsync(Name, Cancellation))!.SubjectPublicKeyInfo.ToArray());
    }

    [Theory]
    [InlineData("RSA_3072")]
    [InlineData("ECC_NIST_P521")]
    [InlineData("ML_DSA_65")]
    public async Task With_the_certificate_at_hand_a_signature_is_one_call(string spec)
    {
        Kms.CreateKey(Alias, spec);
        byte[] spki = Kms.PublicKey(Alias);
        var keys = new KmsKeys(Session.Kms(), name => name == Name ? spki : null);

        byte[] signature = await SignAsync(keys);

        Assert.True(KeySpecs.TryParse(spec, out KeySpec known));
        Assert.True(Signatures.Verify(known, spki, Some.Bytes(5000), signature));
        Assert.Equal(1, Kms.Total);
    }

    [Fact]
    public async Task A_key_that_is_made_later_is_found_then()
    {
        var keys = new KmsKeys(Session.Kms());
        Assert.Null(await keys.FindAsync(Name, Cancellation));

        Kms.CreateKey(Alias, "ECC_NIST_P384");

        Assert.NotNull(await keys.FindAsync(Name, Cancellation));
    }

    [Theory]
    [InlineData("Disabled", "is disabled. Enable it.")]
    [InlineData("PendingDeletion", "cancel that and enable it")]
    public async Task A_key_that_is_switched_off_is_unavailable_with_what_to_do(string state, string advice)
    {
        Kms.CreateKey(Alias, "ECC_NIST_P256");
        var warm = new KmsKeys(Session.Kms());
        await SignAsync(warm);
        Kms.SetState(Alias, state);

        await ThrowsAsync(() => new KmsKeys(Session.Kms()).FindAsync(Name, Cancellation), advice);
        await ThrowsAsync(() => SignAsync(warm), advice);
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        Kms.CreateKey(Alias, "ECC_NIST_P256");
        byte[] spki = Kms.PublicKey(Alias);
        Kms.Allow(Alias, false);

        await ThrowsAsync(() => new KmsKeys(Session.Kms()).FindAsync(Name, Cancellation), "Grant kms:GetPublicKey");
        await ThrowsAsync(() => SignAsync(new KmsKeys(Session.Kms(), _ => spki)), "Grant kms:Sign");
    }

    [Theory]
    [InlineData("SYMMETRIC_DEFAULT", null, "not a key for signing")]
    [InlineData("ECC_SECG_P256K1", null, "of a kind that a CA cannot have")]
    public async Task A_key_of_another_kind_is_refused(string spec, string? usage, string why)
    {
        Kms.CreateKey(Alias, spec, usage);

        await ThrowsAsync(() => new KmsKeys(Session.Kms()).FindAsync(Name, Cancellation), why);
    }

    [Fact]
    public async Task A_key_for_encryption_signs_nothing()
    {
        Kms.CreateKey(Alias, "RSA_2048", usage: "ENCRYPT_DECRYPT");

        await ThrowsAsync(() => SignAsync(new KmsKeys(Session.Kms())), "SIGN_VERIFY");
    }

    [Fact]
    public async Task An_alias_that_moved_signs_nothing_and_is_read_again()
    {
        Kms.CreateKey(Alias, "ECC_NIST_P256");
        var keys = new KmsKeys(Session.Kms());
        ICaKey before = (await keys.FindAsync(Name, Cancellation))!;
        Kms.CreateKey(Alias, "ECC_NIST_P256");

        await ThrowsAsync(() => before.SignAsync(SignedContent.Of(Some.Bytes(5000)), Cancellation), "points to another key than before");

        ICaKey found = (await keys.FindAsync(Name, Cancellation))!;
        Assert.Equal(Kms.PublicKey(Alias), found.SubjectPublicKeyInfo.ToArray());
    }

    [Theory]
    [InlineData("ThrottlingException", 400)]
    [InlineData("KMSInternalException", 500)]
    [InlineData("DependencyTimeoutException", 503)]
    [InlineData("KeyUnavailableException", 500)]
    public async Task What_passes_is_tried_again(string type, int status)
    {
        Kms.CreateKey(Alias, "ECC_NIST_P256");
        Kms.FailNext(type, status);

        await SignAsync(new KmsKeys(Session.Kms()));

        Assert.Equal(3, Kms.Total);
    }

    [Fact]
    public async Task A_call_that_is_lost_either_way_is_made_again()
    {
        Kms.CreateKey(Alias, "ECC_NIST_P256");
        Faults.Lose().Pass().LoseAnswer().BreakOff();

        await SignAsync(new KmsKeys(Session.Kms()));

        Assert.Equal((1, 3, 5), (Kms.Count("GetPublicKey"), Kms.Count("Sign"), Faults.Attempts));
    }

    [Fact]
    public async Task What_does_not_pass_ends_as_unavailable()
    {
        Kms.CreateKey(Alias, "ECC_NIST_P256");
        byte[] spki = Kms.PublicKey(Alias);
        Faults.Lose(TestSession.Retry.Attempts);

        await ThrowsAsync(() => SignAsync(new KmsKeys(Session.Kms(), _ => spki)), "could not be reached");

        Assert.Equal((0, TestSession.Retry.Attempts), (Kms.Total, Faults.Attempts));
    }

    private static async Task<byte[]> SignAsync(KmsKeys keys)
    {
        ICaKey key = (await keys.FindAsync(Name, Cancellation))!;
        return await key.SignAsync(SignedContent.Of(Some.Bytes(5000)), Cancellation);
    }

    private static async Task ThrowsAsync(Func<Task> call, string text)
    {
        CaKeyUnavailableException error = await Assert.ThrowsAsync<CaKeyUnavailableException>(call);
        Assert.Contains(Alias, error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }
}

public sealed class KmsKeysContractTests : CaKeysContract, IAsyncLifetime
{
    private KmsServer kms = null!;
    private AwsSession session = null!;

    public async ValueTask InitializeAsync()
    {
        kms = await KmsServer.StartAsync();
        session = TestSession.At(kms.Address);
    }

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        await kms.DisposeAsync();
    }

    protected override Task<ICaKeys> OpenAsync(params (string Name, KeySpec Spec)[] keys)
    {
        foreach ((string name, KeySpec spec) in keys)
        {
            kms.CreateKey($"alias/{name}", KeySpecs.KmsName(spec));
        }

        return Task.FromResult<ICaKeys>(new KmsKeys(session.Kms()));
    }
}
