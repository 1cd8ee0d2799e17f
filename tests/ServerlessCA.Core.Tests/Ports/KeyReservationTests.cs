using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Ports;

public sealed class KeyReservationTests
{
    private static readonly RowId One = RowId.Of(Some.Addition("one", 1).Record);
    private static readonly RowId Two = RowId.Of(Some.Addition("two", 2).Record);

    [Fact]
    public void A_compromise_stays_whatever_other_certificate_of_the_key_is_revoked_later()
    {
        var compromised = KeyReservation.Remembering(KeyReservation.HeldBy(Two), One, RevocationReason.KeyCompromise);

        var later = KeyReservation.Remembering(compromised, Two, RevocationReason.Superseded);

        Assert.Equal(new KeyReservation(Two, HolderRevoked: false, Compromised: true), compromised);
        Assert.Equal(new KeyReservation(Two, HolderRevoked: true, Compromised: true), later);
    }

    [Fact]
    public void A_revoked_holder_stays_revoked_when_another_certificate_of_the_key_is_revoked()
    {
        var revoked = KeyReservation.Remembering(before: null, One, RevocationReason.Superseded);

        Assert.Equal(new KeyReservation(One, HolderRevoked: true, Compromised: false), revoked);
        Assert.Equal(revoked, KeyReservation.Remembering(revoked, Two, RevocationReason.Superseded));
    }
}
