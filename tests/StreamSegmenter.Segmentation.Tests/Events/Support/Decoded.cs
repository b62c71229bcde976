using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Tests.Events.Support;

/// <summary>Decodes single events with a decoder of their own.</summary>
internal static class Decoded
{
    public static EventView Accept(string text, EventLimits? limits = null, EventType? impliedType = null)
    {
        var decoder = new EventDecoder(limits ?? EventLimits.Default);
        bool isValid = decoder.TryDecode(Json.Utf8(text), impliedType, out EventView view, out Rejection rejection);
        isValid.ShouldBeTrue(rejection.ToString());
        rejection.ShouldBe(default);
        return view;
    }

    public static Rejection Refuse(string text, EventLimits? limits = null, EventType? impliedType = null) =>
        Refuse(Json.Utf8(text), limits, impliedType);

    public static Rejection Refuse(byte[] text, EventLimits? limits = null, EventType? impliedType = null)
    {
        var decoder = new EventDecoder(limits ?? EventLimits.Default);
        decoder.TryDecode(text, impliedType, out EventView view, out Rejection rejection).ShouldBeFalse();
        view.Root.IsMissing.ShouldBeTrue();
        view.Customer.IsMissing.ShouldBeTrue();
        rejection.Reason.ShouldNotBe(RejectReason.None);
        rejection.Detail.Length.ShouldBeInRange(1, 300);
        return rejection;
    }
}
