#include "check.hpp"
#include "dicom/dicom_error.hpp"
#include "dicom/dicom_reader.hpp"
#include "dicom/dicom_writer.hpp"

using dicom::DataElement;
using dicom::DataSet;
using dicom::DicomReader;
using dicom::DicomWriter;
using dicom::ValueRepresentation;

namespace {

std::vector<std::uint8_t> sampleFile() {
    DataSet dataSet;
    dataSet.insert(DataElement::fromText(dicom::tags::PatientName, ValueRepresentation::PersonName, "Doe^Jane"));
    dataSet.insert(DataElement::fromText(dicom::tags::RescaleSlope, ValueRepresentation::DecimalString, "2"));
    dataSet.insert(DataElement::fromText(dicom::tags::RescaleIntercept, ValueRepresentation::DecimalString, "-1024"));
    imaging::Image image(3, 2);
    image.samples() = {0.0F, 1.0F, 2.0F, -3.0F, 1000.0F, 5.0F};
    DicomWriter::setPixels(dataSet, image);
    return DicomWriter().encode(dataSet);
}

void tagsAreOrderedAndPrinted() {
    CHECK(dicom::tags::Rows.toString() == "(0028,0010)");
    CHECK(dicom::tags::Rows < dicom::tags::Columns);
    CHECK(dicom::tags::TransferSyntaxUID.isMeta());
    CHECK(!(dicom::tags::Rows == dicom::tags::Columns));
}

void textIsPaddedAndTrimmed() {
    const auto odd = DataElement::fromText(dicom::tags::Modality, ValueRepresentation::CodeString, "CTX");
    CHECK(odd.value().size() == 4);
    CHECK(odd.text() == "CTX");
    const auto several = DataElement::fromText(dicom::tags::WindowCenter, ValueRepresentation::DecimalString, "40\\80");
    CHECK(near(several.number(), 40.0));
    CHECK_THROWS(odd.number(), std::invalid_argument);
}

void codesAreReadAndWritten() {
    CHECK(dicom::parseValueRepresentation("PN") == ValueRepresentation::PersonName);
    CHECK(dicom::parseValueRepresentation("ZZ") == ValueRepresentation::Unknown);
    CHECK(dicom::codeOf(ValueRepresentation::OtherWord) == "OW");
    CHECK(dicom::hasLongLength("OW"));
    CHECK(!dicom::hasLongLength("US"));
}

void whatIsWrittenIsReadBack() {
    DicomReader reader;
    const auto bytes = sampleFile();
    CHECK(reader.canRead(bytes));
    const imaging::Image image = reader.decode(bytes);
    CHECK(image.width() == 3 && image.height() == 2);
    CHECK(near(image.at(0, 1), -3.0 * 2.0 - 1024.0));
    CHECK(near(image.at(1, 1), 1000.0 * 2.0 - 1024.0));
    CHECK(reader.dataSet().text(dicom::tags::PatientName) == "Doe^Jane");
}

void everyCutIsAnErrorAndNeverACrash() {
    const auto whole = sampleFile();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        DicomReader reader;
        CHECK_THROWS(reader.decode(cut), dicom::DicomError);
    }
}

void unknownTransferSyntaxIsRefused() {
    DataSet dataSet;
    dataSet.insert(
        DataElement::fromText(dicom::tags::TransferSyntaxUID, ValueRepresentation::UniqueIdentifier, "1.2.840.10008.1.2.2"));
    CHECK_THROWS(DicomReader().parse(DicomWriter().encode(dataSet)), dicom::DicomError);
}

}  // namespace

int main() {
    tagsAreOrderedAndPrinted();
    textIsPaddedAndTrimmed();
    codesAreReadAndWritten();
    whatIsWrittenIsReadBack();
    everyCutIsAnErrorAndNeverACrash();
    unknownTransferSyntaxIsRefused();
    return failures;
}
