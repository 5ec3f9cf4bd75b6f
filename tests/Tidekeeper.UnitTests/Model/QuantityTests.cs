using Tidekeeper.Model;

namespace Tidekeeper.UnitTests.Model;

public class QuantityTests
{
    [Theory]
    [InlineData("0", "0", 0)]
    [InlineData("1", "1", 1)]
    [InlineData("1000m", "1", 1)]
    [InlineData("500m", "500m", 1)]
    [InlineData("1500m", "1500m", 2)]
    [InlineData("100u", "100u", 1)]
    [InlineData("1n", "1n", 1)]
    [InlineData("1.5", "1500m", 2)]
    [InlineData(".5Gi", "512Mi", 536870912)]
    [InlineData("5.", "5", 5)]
    [InlineData("10Gi", "10Gi", 10737418240)]
    [InlineData("1024Mi", "1Gi", 1073741824)]
    [InlineData("1G", "1G", 1000000000)]
    [InlineData("2e3", "2k", 2000)]
    [InlineData("2E3", "2k", 2000)]
    [InlineData("2E", "2E", 2000000000000000000)]
    [InlineData("1e-3", "1m", 1)]
    [InlineData("8Ei", "8Ei", long.MaxValue)]
    [InlineData("-5Mi", "-5Mi", -5242880)]
    [InlineData("+5", "5", 5)]
    [InlineData("0.0000000001", "1n", 1)]
    public void A_quantity_reads_exactly(string text, string canonical, long rounded)
    {
        var quantity = Quantity.Parse(text);
        Assert.Equal((canonical, rounded), (quantity.ToString(), quantity.ToInt64()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("10GB")]
    [InlineData("10 Gi")]
    [InlineData("10gi")]
    [InlineData("1K")]
    [InlineData("m")]
    [InlineData("1.2.3")]
    [InlineData("1e")]
    [InlineData("1e999")]
    [InlineData("--1")]
    [InlineData("0x10")]
    [InlineData("ten")]
    public void Other_texts_are_no_quantities(string text) => Assert.False(Quantity.TryParse(text, out _));

    [Theory]
    [InlineData("1Gi", "1024Mi", 0)]
    [InlineData("1G", "1Gi", -1)]
    [InlineData("2", "1999m", 1)]
    [InlineData("9007199254740993", "9007199254740992", 1)]
    public void Quantities_compare_by_value(string left, string right, int order) =>
        Assert.Equal(order, Quantity.Parse(left).CompareTo(Quantity.Parse(right)));
}
