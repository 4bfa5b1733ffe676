/// make-phantom: writes a DICOM file with a round test object, to try the viewer on.

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "dicom/dicom_writer.hpp"

namespace {

/// A bright disc with a darker core on a dark ground, in Hounsfield units.
imaging::Image drawPhantom(std::size_t size) {
    imaging::Image image(size, size, -1000.0F);
    const double middle = static_cast<double>(size) / 2.0;
    for (std::size_t y = 0; y < size; ++y) {
        for (std::size_t x = 0; x < size; ++x) {
            const double dx = static_cast<double>(x) - middle;
            const double dy = static_cast<double>(y) - middle;
            const double distance = (dx * dx + dy * dy) / (middle * middle);
            if (distance < 0.1) {
                image.at(x, y) = 40.0F;
            } else if (distance < 0.7) {
                image.at(x, y) = 400.0F;
            }
        }
    }
    return image;
}

}  // namespace

int main(int argc, char** argv) {
    using dicom::DataElement;
    using dicom::ValueRepresentation;
    if (argc != 2) {
        std::cerr << "usage: make-phantom OUT.dcm\n";
        return 2;
    }
    try {
        dicom::DataSet dataSet;
        dataSet.insert(DataElement::fromText(dicom::tags::TransferSyntaxUID, ValueRepresentation::UniqueIdentifier,
                                             "1.2.840.10008.1.2.1"));
        dataSet.insert(DataElement::fromText(dicom::tags::Modality, ValueRepresentation::CodeString, "CT"));
        dataSet.insert(DataElement::fromText(dicom::tags::PatientName, ValueRepresentation::PersonName, "Phantom"));
        dataSet.insert(
            DataElement::fromText(dicom::tags::StudyInstanceUID, ValueRepresentation::UniqueIdentifier, "1.2.3.4"));
        dataSet.insert(DataElement::fromText(dicom::tags::WindowCenter, ValueRepresentation::DecimalString, "40"));
        dataSet.insert(DataElement::fromText(dicom::tags::WindowWidth, ValueRepresentation::DecimalString, "800"));
        dicom::DicomWriter::setPixels(dataSet, drawPhantom(128));
        dicom::DicomWriter().writeFile(argv[1], dataSet);
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::cerr << "make-phantom: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
